import { AtSign, BadgeCheck, Globe, Link2, MessageCircle, Phone, Users } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ContactPoint, ContactPointKind } from '../../../src/wire/contacts.ts'
import { Chip } from '../parts/chip.tsx'
import css from './contact-panel.module.css'

const icons: Readonly<Record<ContactPointKind, typeof Phone>> = {
  phone: Phone,
  email: AtSign,
  line: MessageCircle,
  line_group: Users,
  line_room: Users,
  visitor: Globe,
  external: Link2,
}

/** People read numbers and addresses; ids of platforms mean nothing to them, so there the name stands. */
function labelOf(point: ContactPoint, unnamed: string): string {
  return point.kind === 'phone' || point.kind === 'email' || point.kind === 'external' ? point.address : (point.displayName ?? unnamed)
}

/** Every way this customer can be reached, and how far it is proven. */
export function ContactPoints({ points }: { points: readonly ContactPoint[] }) {
  const { t } = useTranslation()
  return (
    <section className={css.section}>
      <div className={css.sectionHead}>
        <h4>{t('panel.points')}</h4>
      </div>
      <ul className={css.points}>
        {points.map((point) => {
          const Icon = icons[point.kind]
          return (
            <li key={point.id}>
              <Icon size={15} strokeWidth={1.75} role="img" aria-label={t(`point.${point.kind}`)} />
              <bdi className={css.address} title={point.address}>
                {labelOf(point, t(`point.${point.kind}`))}
              </bdi>
              {point.blocked ? (
                <Chip tone="bad">{t('point.blocked')}</Chip>
              ) : (
                point.verified && <BadgeCheck size={15} role="img" aria-label={t('point.verified')} />
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
