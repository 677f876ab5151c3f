"""WeCom (企业微信): hears what happens in customer groups and among contacts, compares, welcomes."""
