"""What is ready to be used in content: pictures, films, sounds, papers, links, words; and scripts for conversations."""
