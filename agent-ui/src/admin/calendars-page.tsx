import { Button, NumberInput, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Calendar, type CalendarInput, calendarSettingsSchema, weekdaySchema } from '../../../src/wire/calendars.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { serverNow } from '../live/clock.ts'
import { Chip } from '../parts/chip.tsx'
import { tellFailure } from '../parts/toast.tsx'
import css from './admin.module.css'
import { adminApi } from './admin-api.ts'
import { daysFromText, daysToText, rangesFromText, rangesToText } from './calendar-text.ts'
import { ThingDialog } from './thing-dialog.tsx'
import { ThingList } from './thing-list.tsx'
import { type Acts, useActs } from './use-acts.ts'

const acts: Acts<CalendarInput> = {
  key: 'calendars',
  add: adminApi.addCalendar,
  change: adminApi.changeCalendar,
  remove: adminApi.removeCalendar,
}
const weekdays = weekdaySchema.options

/** The closure in force, or one that is to come. */
const closureOf = (calendar: Calendar) => calendar.settings.closures.find(({ until }) => until === null || until > serverNow())

function useCalendarForm(calendar: Calendar | null) {
  const settings = calendar?.settings
  const [form, setForm] = useState(() => ({
    name: calendar?.name ?? '',
    zone: settings?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    week: Object.fromEntries(weekdays.map((d) => [d, rangesToText(settings?.week[d] ?? [])])) as Record<(typeof weekdays)[number], string>,
    days: daysToText(settings?.days ?? []),
  }))
  const wrongDay = daysFromText(form.days)
  const hoursWrong = (day: (typeof weekdays)[number]) => rangesFromText(form.week[day]) === null
  const input = (): CalendarInput => ({
    name: form.name,
    settings: calendarSettingsSchema.parse({
      zone: form.zone,
      week: Object.fromEntries(weekdays.map((d) => [d, rangesFromText(form.week[d]) ?? []])),
      days: typeof wrongDay === 'number' ? [] : wrongDay,
      closures: settings?.closures ?? [],
    }),
  })
  const isReady = typeof wrongDay !== 'number' && !weekdays.some(hoursWrong)
  return { form, setForm, input, isReady, hoursWrong, wrongLine: typeof wrongDay === 'number' ? wrongDay : null }
}

function Holidays({ onDays }: { onDays: (text: string) => void }) {
  const { t, i18n } = useTranslation()
  const sentence = useSentence()
  const [country, setCountry] = useState('TW')
  const [year, setYear] = useState(() => new Date().getFullYear())
  const load = useMutation({
    mutationFn: () => adminApi.holidays(country, year, i18n.language),
    onSuccess: ({ items }) => onDays(daysToText(items)),
    onError: (error) => tellFailure(sentence(error)),
  })
  return (
    <div className={css.pair}>
      <TextInput
        label={t('admin.country')}
        maxLength={2}
        value={country}
        onChange={(e) => setCountry(e.currentTarget.value.toUpperCase())}
      />
      <NumberInput label={t('admin.year')} min={2000} max={2100} value={year} onChange={(v) => setYear(typeof v === 'number' ? v : year)} />
      <Button variant="default" loading={load.isPending} onClick={() => load.mutate()}>
        {t('admin.addHolidays')}
      </Button>
    </div>
  )
}

function CalendarDialog({ calendar, onClose }: { calendar: Calendar | null; onClose: () => void }) {
  const { t } = useTranslation()
  const { form, setForm, input, isReady, hoursWrong, wrongLine } = useCalendarForm(calendar)
  const { save, remove } = useActs(acts, calendar?.id ?? null, onClose)
  return (
    <ThingDialog
      title={calendar ? t('admin.editQueue', { name: calendar.name }) : t('admin.addCalendar')}
      name={form.name}
      onName={(name) => setForm({ ...form, name })}
      error={save.error}
      pending={save.isPending}
      onSave={() => isReady && save.mutate(input())}
      onRemove={calendar && (() => remove.mutate())}
      onClose={onClose}
    >
      <TextInput
        label={t('admin.zone')}
        description={t('admin.zoneHint')}
        value={form.zone}
        onChange={(e) => setForm({ ...form, zone: e.currentTarget.value })}
      />
      <fieldset>
        <legend>{t('admin.weekHours')}</legend>
        <p>{t('admin.weekHoursHint')}</p>
        <div className={css.pair}>
          {weekdays.map((day) => (
            <TextInput
              key={day}
              label={t(`admin.weekday.${day}`)}
              placeholder="09:00-12:00, 13:00-18:00"
              value={form.week[day]}
              error={hoursWrong(day) ? t('admin.hoursWrong') : undefined}
              onChange={(e) => setForm({ ...form, week: { ...form.week, [day]: e.currentTarget.value } })}
            />
          ))}
        </div>
      </fieldset>
      <Textarea
        label={t('admin.specialDays')}
        description={t('admin.specialDaysHint')}
        autosize
        minRows={4}
        maxRows={14}
        value={form.days}
        error={wrongLine === null ? undefined : t('admin.lineWrong', { line: wrongLine })}
        onChange={(e) => setForm({ ...form, days: e.currentTarget.value })}
      />
      <Holidays onDays={(text) => setForm({ ...form, days: form.days === '' ? text : `${form.days}\n${text}` })} />
    </ThingDialog>
  )
}

function Closing({ calendar }: { calendar: Calendar }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const queries = useQueryClient()
  const closure = closureOf(calendar)
  const turn = useMutation({
    mutationFn: () =>
      closure === undefined ? adminApi.closeCalendar(calendar.id, t('admin.closedByHand')) : adminApi.openCalendar(calendar.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['admin', 'calendars'] }),
    onError: (error) => tellFailure(sentence(error)),
  })
  return (
    <Button variant="default" loading={turn.isPending} onClick={() => turn.mutate()}>
      {closure === undefined ? t('admin.closeNow') : t('admin.openAgain')}
    </Button>
  )
}

/** Opening hours, holidays and closures. */
export function CalendarsPage() {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['admin', 'calendars'], queryFn: adminApi.calendars })
  return (
    <ThingList
      query={query}
      hint={t('admin.calendarsHint')}
      addLabel={t('admin.addCalendar')}
      emptyTitle={t('admin.noCalendars')}
      describe={(calendar) => (
        <>
          {calendar.settings.zone} {closureOf(calendar) && <Chip tone="bad">{t('admin.closedNow')}</Chip>}
        </>
      )}
      acts={(calendar) => <Closing calendar={calendar} />}
      dialog={(calendar, onClose) => <CalendarDialog calendar={calendar} onClose={onClose} />}
    />
  )
}
