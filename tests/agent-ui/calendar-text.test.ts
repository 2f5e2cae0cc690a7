import { describe, expect, test } from 'vitest'
import { daysFromText, daysToText, rangesFromText, rangesToText } from '../../agent-ui/src/admin/calendar-text.ts'

describe('hours as a person writes them', () => {
  test('are read and written back', () => {
    const ranges = rangesFromText('9:00-12:00, 13:00–18:00')
    expect(ranges).toEqual([
      { from: '09:00', to: '12:00' },
      { from: '13:00', to: '18:00' },
    ])
    expect(rangesToText(ranges ?? [])).toBe('09:00-12:00, 13:00-18:00')
    expect(rangesFromText('')).toEqual([])
  })

  test.each(['nine to five', '25:00-26:00', '09:00', '09:00-09:00'])('"%s" is not understood', (text) => {
    expect(rangesFromText(text)).toBeNull()
  })
})

describe('days that differ', () => {
  const text = ['2026-01-01 holiday 元旦', '2026-02-07 workday mon 補班', '2026-12-24 workday 09:00-12:00 Eve'].join('\n')

  test('are read and written back', () => {
    const days = daysFromText(text)
    expect(days).toMatchObject([
      { date: '2026-01-01', kind: 'holiday', name: '元旦', ranges: [] },
      { date: '2026-02-07', kind: 'workday', as: 'mon', name: '補班' },
      { date: '2026-12-24', kind: 'workday', ranges: [{ from: '09:00', to: '12:00' }], name: 'Eve' },
    ])
    expect(typeof days === 'number' ? '' : daysToText(days)).toBe(text)
  })

  test('tell the first line that is not understood', () => {
    expect(daysFromText('2026-01-01 holiday\n\n2026-02-30 holiday')).toBe(3)
  })
})
