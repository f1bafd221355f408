import { useEffect, useRef, useState } from 'react'

import type { SaveState } from '../../save/machine'
import { wordsOf, type SaveKind, type SaveWords } from '../../save/wording'
import { Icon, type IconName } from '../../ui/Icon'
import { timeOfDay } from '../../ui/When'

const ICONS: Record<SaveKind, IconName> = {
  opening: 'sync',
  saved: 'check',
  saving: 'sync',
  unsaved: 'warning',
  readonly: 'eye',
}

/** The truth about the last edits, always in the same place. */
export function SaveMark({ save }: { save: SaveState }) {
  const words = wordsOf(save, timeOfDay)
  return (
    <div className="save-mark">
      <span className={`save-state save-${words.kind}`} data-testid="save-state" data-state={words.kind} title={words.detail}>
        <Icon name={ICONS[words.kind]} />
        <span>{words.text}</span>
      </span>
      <span className="visually-hidden" role="status">
        {useAnnouncement(words)}
      </span>
    </div>
  )
}

/** Trouble is read out, and its end; "saving" and "saved" after each word would be noise. */
function useAnnouncement(words: SaveWords): string {
  const [announcement, setAnnouncement] = useState('')
  const wasTrouble = useRef(false)
  useEffect(() => {
    const isTrouble = words.kind === 'unsaved' || words.kind === 'readonly'
    if (isTrouble || (wasTrouble.current && words.kind === 'saved')) setAnnouncement(`${words.text}. ${words.detail}`)
    if (words.kind !== 'saving') wasTrouble.current = isTrouble
  }, [words.kind, words.text, words.detail])
  return announcement
}
