"""Sphinx settings: the docs as pages, warnings are errors (`make docs`)."""

project = "human_security"
author = "The human_security contributors"
extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
html_theme = "pydata_sphinx_theme"
html_title = "human_security"
exclude_patterns = ["_build", "requirements.txt"]
# links to files of the repository that are no pages
suppress_warnings = ["myst.xref_missing"]
