import type { Preferences } from '../../api/types'
import { withChoice, type Channel } from '../../inbox/preferences'

const CHANNEL_WORDS: Record<Channel, string> = { in_app: 'Inbox', push: 'Push', email: 'E-mail', chat: 'Chat' }

/** What there is to be told of now. Kinds without a line here are left as they are. */
const LINES: Record<string, string> = {
  mention: 'You are mentioned',
  reply: 'A reply in a thread of yours',
  comment: 'A comment on a document that you follow',
  reaction: 'A reaction to a comment of yours',
  resolved: 'A thread of yours is resolved',
  invitation: 'You are invited to a workspace',
  membership: 'Your place in a workspace changes',
  escalation: 'You are called by an escalation',
}

interface Props {
  preferences: Preferences
  channels: readonly Channel[]
  onChange: (preferences: Preferences) => void
}

export function Choices({ preferences, channels, onChange }: Props) {
  const kinds = Object.keys(LINES).filter((kind) => kind in preferences.kinds)
  return (
    <table className="choices-table">
      <thead>
        <tr>
          <td />
          {channels.map((channel) => (
            <th key={channel} scope="col">
              {CHANNEL_WORDS[channel]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {kinds.map((kind) => (
          <tr key={kind}>
            <th scope="row">{LINES[kind]}</th>
            {channels.map((channel) => (
              <td key={channel}>
                <label className="choice-cell">
                  <input
                    type="checkbox"
                    aria-label={`${LINES[kind]}: ${CHANNEL_WORDS[channel]}`}
                    checked={preferences.kinds[kind]?.[channel] ?? false}
                    onChange={(event) => onChange(withChoice(preferences, kind, channel, event.target.checked))}
                  />
                </label>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
