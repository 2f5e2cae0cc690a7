import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Offer } from '../../../src/wire/offers.ts'
import { useComposerFocus } from '../composer/use-composer-focus.ts'
import { useFormat } from '../i18n/format.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { usePreviewWords } from '../inbox/conversation-row.tsx'
import { acceptOffer, declineOffer } from '../live/acts.ts'
import { useNow } from '../live/use-now.ts'
import { useQueue } from '../live/use-things.ts'
import { Avatar } from '../parts/avatar.tsx'
import { ChannelIcon } from '../parts/channel-icon.tsx'
import { SlaChip } from '../parts/sla-chip.tsx'
import { tellFailure } from '../parts/toast.tsx'
import { countdownOf, lastCallSeconds } from './countdown.ts'
import { CountdownRing } from './countdown-ring.tsx'
import css from './offers.module.css'
import { useWhyWords } from './why-words.ts'

function useAnswers(offer: Offer) {
  const sentence = useSentence()
  const navigate = useNavigate()
  const onError = (error: unknown) => tellFailure(sentence(error))
  const accept = useMutation({
    mutationFn: () => acceptOffer(offer.id),
    onSuccess: () => {
      useComposerFocus.getState().want(offer.conversationId)
      return navigate({ to: '/inbox/$view/$conversationId', params: { view: 'mine', conversationId: offer.conversationId } })
    },
    onError,
  })
  const decline = useMutation({ mutationFn: () => declineOffer(offer.id), onError })
  return { accept, decline, busy: accept.isPending || decline.isPending }
}

function useAcceptChord(active: boolean, accept: () => void): void {
  useEffect(() => {
    if (!active) return
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || !event.altKey || event.isComposing || event.keyCode === 229) return
      event.preventDefault()
      accept()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [active, accept])
}

/** What is said to those who cannot see the card: once when it comes, once when little time is left. */
function useSpoken(offer: Offer, seconds: number, queue: string): string {
  const { t } = useTranslation()
  const [first] = useState(() =>
    t('offer.spoken', {
      name: offer.conversation.contact.name,
      channel: t(`channel.${offer.conversation.channel}`),
      queue,
      count: seconds,
    }),
  )
  return seconds > lastCallSeconds ? first : t('offer.lastCall', { count: lastCallSeconds })
}

function Facts({ offer, now }: { offer: Offer; now: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = usePreviewWords()
  const why = useWhyWords()(offer.why, true)
  const { conversation } = offer
  return (
    <>
      {conversation.preview && <p className={css.preview}>{words(conversation.preview)}</p>}
      <div className={css.facts}>
        <span className="figures">{t('offer.waited', { span: format.span(now - conversation.waitingSince) })}</span>
        <SlaChip conversation={conversation} now={now} />
      </div>
      <p className={css.why}>{why.chosen}</p>
    </>
  )
}

/** One offer that rings: who, from where, how long they waited, why it came here, and how long is left. */
export function OfferCard({ offer }: { offer: Offer }) {
  const { t } = useTranslation()
  const now = useNow(250)
  const queue = useQueue(offer.queueId)?.name ?? ''
  const { accept, decline, busy } = useAnswers(offer)
  const countdown = countdownOf(offer, now)
  const spoken = useSpoken(offer, countdown.seconds, queue)
  const titleId = useId()
  const { conversation } = offer
  useAcceptChord(!busy, accept.mutate)
  return (
    <section className={css.card} role="alertdialog" aria-labelledby={titleId}>
      <div className={css.head}>
        <Avatar id={conversation.contact.id} name={conversation.contact.name} url={conversation.contact.avatarUrl} size={40} />
        <div className={css.who}>
          <h2 id={titleId} className="cut">
            <bdi>{conversation.contact.name}</bdi>
          </h2>
          <p className={css.where}>
            <ChannelIcon channel={conversation.channel} size={13} />
            <span className="cut">{t('offer.where', { channel: t(`channel.${conversation.channel}`), queue })}</span>
          </p>
        </div>
        <CountdownRing countdown={countdown} />
      </div>
      <Facts offer={offer} now={now} />
      <div className={css.acts}>
        <Button variant="default" disabled={busy} onClick={() => decline.mutate()}>
          {t('offer.decline')}
        </Button>
        <Button
          loading={accept.isPending}
          disabled={busy || countdown.seconds === 0}
          onClick={() => accept.mutate()}
          rightSection={<kbd className={css.chord}>{t('offer.chord')}</kbd>}
        >
          {t('offer.accept')}
        </Button>
      </div>
      <span className="visually-hidden" aria-live="assertive">
        {spoken}
      </span>
    </section>
  )
}

/** An offer behind the first: who, from where, how long is left; acceptable with one press. */
export function OfferLine({ offer }: { offer: Offer }) {
  const { t } = useTranslation()
  const queue = useQueue(offer.queueId)?.name ?? ''
  const { accept, busy } = useAnswers(offer)
  const countdown = countdownOf(offer, useNow(1_000))
  const titleId = useId()
  const { conversation } = offer
  return (
    <section className={css.next} role="alertdialog" aria-labelledby={titleId}>
      <div className={css.who}>
        <h2 id={titleId} className="cut">
          <bdi>{conversation.contact.name}</bdi>
        </h2>
        <p className={css.where}>
          <ChannelIcon channel={conversation.channel} size={12} />
          <span className="cut">{queue}</span>
        </p>
      </div>
      <span className={`${css.seconds} figures`} role="timer">
        {countdown.seconds}
      </span>
      <Button
        variant="default"
        aria-label={t('offer.acceptNamed', { name: conversation.contact.name })}
        disabled={busy || countdown.seconds === 0}
        onClick={() => accept.mutate()}
      >
        {t('offer.accept')}
      </Button>
    </section>
  )
}
