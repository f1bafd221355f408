// Before the first paint: the chosen theme, so that a dark page never flashes white. See src/app/theme.ts.
try {
  const theme = localStorage.getItem('counterpoint.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage is blocked: the system's theme it is.
}
