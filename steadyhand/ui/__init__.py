"""Components, icons, styles and scripts. Knows only core."""
