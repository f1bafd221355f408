import { useState, type FormEvent } from 'react'

import { useAddChat, useChat, useRemoveChat, useTestChat } from '../../api/chat'
import { ApiError, messageOf } from '../../api/errors'
import type { Chat, ChatAddress, ChatService } from '../../api/schema'
import { Button } from '../../ui/Button'
import { TextField } from '../../ui/Field'
import { FormError, LoadFailed } from '../../ui/Notice'
import { Skeleton } from '../../ui/Skeleton'
import { useToast } from '../../ui/Toasts'
import { When } from '../../ui/When'

/** The chats of the reader; nothing where the server has none. */
export function ChatSection() {
  const chat = useChat()
  if (chat.data && !chat.data.installed) return null
  return (
    <section aria-labelledby="chat">
      <h2 id="chat">Chat</h2>
      {chat.isPending && <Skeleton rows={2} label="Loading your chats" />}
      {chat.isError && !chat.data && <LoadFailed error={chat.error} onRetry={() => void chat.refetch()} />}
      {chat.data && <Chats chat={chat.data} />}
    </section>
  )
}

function Chats({ chat }: { chat: Chat }) {
  return (
    <>
      {chat.addresses.length > 0 && (
        <ul className="rows" aria-label="Your chats">
          {chat.addresses.map((address) => (
            <ChatRow key={address.id} address={address} />
          ))}
        </ul>
      )}
      <NewChat services={chat.services} />
    </>
  )
}

function ChatRow({ address }: { address: ChatAddress }) {
  const remove = useRemoveChat()
  const test = useTestChat()
  const say = useToast()
  const onError = (error: Error) => say(messageOf(error), { kind: 'error' })
  const send = () => test.mutate(address.id, { onSuccess: () => say(`The test message was taken by ${address.service}.`), onError })
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">{address.label}</p>
        <p className="soft meta">
          <span>{address.service}</span>
          <span>{address.last_sent_at ? <>Last message <When at={address.last_sent_at} /></> : 'No message yet'}</span>
        </p>
        {address.last_error && <p className="field-error">{address.last_error}</p>}
      </div>
      <div className="actions">
        <Button look="quiet" busy={test.isPending} aria-label={`Send a test message to ${address.label}`} onClick={send}>
          Test
        </Button>
        <Button look="quiet" busy={remove.isPending} aria-label={`Remove ${address.label}`} onClick={() => remove.mutate(address.id, { onError })}>
          Remove
        </Button>
      </div>
    </li>
  )
}

function NewChat({ services }: { services: readonly ChatService[] }) {
  const [url, setUrl] = useState('')
  const [label, setLabel] = useState('')
  const add = useAddChat()
  const issue = add.error instanceof ApiError ? add.error.issueOf('url') : undefined
  const clear = () => {
    setUrl('')
    setLabel('')
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate({ url: url.trim(), label: label.trim() }, { onSuccess: clear })
  }
  return (
    <form className="form card" onSubmit={submit} aria-label="New chat">
      <TextField
        label="Address of a chat"
        hint="Whoever has it can write there: it is kept sealed, and shown to nobody again."
        error={issue}
        required
        maxLength={500}
        autoComplete="off"
        spellCheck={false}
        value={url}
        onChange={(event) => setUrl(event.target.value)}
      />
      <details>
        <summary>How addresses look</summary>
        <ul className="plain-list">
          {services.map((each) => (
            <li key={each.name}>
              {each.name}: <code>{each.example}</code>
            </li>
          ))}
        </ul>
      </details>
      <TextField label="What you call it" placeholder="My phone" required maxLength={100} autoComplete="off" value={label} onChange={(event) => setLabel(event.target.value)} />
      <FormError error={add.error} fields={['url']} />
      <Button type="submit" busy={add.isPending}>
        Add the chat
      </Button>
    </form>
  )
}
