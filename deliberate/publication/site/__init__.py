"""The bundle's pages: everything public, readable from a folder or any web server, without scripts."""
