"""How the installation is: the page for people, the answers for machines."""
