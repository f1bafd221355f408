import { Icon } from '../ui/Icon'
import { useTheme, type Theme } from './theme'

const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' }
const ICONS = { system: 'system', light: 'sun', dark: 'moon' } as const
const WORDS: Record<Theme, string> = { system: 'as the system', light: 'light', dark: 'dark' }

export function ThemeButton() {
  const [theme, choose] = useTheme()
  const label = `Theme: ${WORDS[theme]}. Change to ${WORDS[NEXT[theme]]}`
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={() => choose(NEXT[theme])}>
      <Icon name={ICONS[theme]} />
    </button>
  )
}
