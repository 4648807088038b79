# SPDX-License-Identifier: GPL-2.0
#
# For Sphinx: make docs

project = "rstfault"
extensions = []
exclude_patterns = ["netlink"]

# What is shown is shell, rules and drawings. None of it is Python.
highlight_language = "none"

html_theme = "alabaster"
html_theme_options = {
    "description": "Lose, delay and forge TCP RSTs, on purpose",
    "page_width": "1080px",
    "show_powered_by": False,
}
html_sidebars = {"**": ["about.html", "navigation.html", "searchbox.html"]}
html_static_path = ["static"]
html_css_files = ["rstfault.css"]
html_copy_source = False
html_show_copyright = False
html_use_index = False
