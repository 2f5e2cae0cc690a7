import { NumberInput, PasswordInput, Select, Switch, TagsInput, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ChannelInfo } from '../../../src/wire/inbox-changes.ts'

/** The part of JSON Schema that channel settings use. */
export interface PropertySchema {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly anyOf?: readonly PropertySchema[]
  readonly default?: unknown
}

/** Settings of an account as they are being edited. */
export type Config = Readonly<Record<string, unknown>>

/** Names and schemas of a channel's settings, in the channel's order, with those that must be given. */
export function propertiesOf(
  channel: ChannelInfo,
): readonly { readonly name: string; readonly schema: PropertySchema; readonly required: boolean }[] {
  const { properties, required } = channel.configSchema as { properties?: Record<string, PropertySchema>; required?: readonly string[] }
  return Object.entries(properties ?? {}).map(([name, schema]) => ({
    name,
    schema: schema.anyOf?.find((s) => s.type !== 'null') ?? schema,
    required: (required?.includes(name) ?? false) && schema.default === undefined,
  }))
}

function Field(props: {
  name: string
  label: string
  schema: PropertySchema
  value: unknown
  secret: boolean
  secretSet: boolean
  required: boolean
  onChange: (value: unknown) => void
}) {
  const { t } = useTranslation()
  const { label, schema, value, onChange } = props
  if (props.secret) {
    return (
      <PasswordInput
        label={label}
        required={props.required && !props.secretSet}
        placeholder={props.secretSet ? t('admin.secretSet') : ''}
        autoComplete="off"
        visibilityToggleButtonProps={{ 'aria-label': t('login.showPassword') }}
        value={typeof value === 'string' ? value : ''}
        onChange={(e) => onChange(e.currentTarget.value || undefined)}
      />
    )
  }
  if (schema.type === 'boolean')
    return <Switch label={label} checked={value === true} onChange={(e) => onChange(e.currentTarget.checked)} />
  if (schema.enum)
    return <Select label={label} data={[...schema.enum]} value={typeof value === 'string' ? value : null} onChange={onChange} />
  if (schema.type === 'integer' || schema.type === 'number')
    return (
      <NumberInput
        label={label}
        value={typeof value === 'number' ? value : ''}
        onChange={(v) => onChange(typeof v === 'number' ? v : undefined)}
      />
    )
  if (schema.type === 'array') return <TagsInput label={label} value={Array.isArray(value) ? value.map(String) : []} onChange={onChange} />
  return (
    <TextInput
      label={label}
      required={props.required}
      value={typeof value === 'string' ? value : ''}
      onChange={(e) => onChange(e.currentTarget.value || undefined)}
    />
  )
}

/** A form for whatever settings a channel declares. Secrets are never shown: empty leaves them as they are. */
export function ConfigFields(props: {
  channel: ChannelInfo
  config: Config
  secretsSet: readonly string[]
  onChange: (config: Config) => void
}) {
  const { t } = useTranslation()
  const { channel, config, secretsSet } = props
  return propertiesOf(channel).map(({ name, schema, required }) => (
    <Field
      key={name}
      name={name}
      label={t(`config.${channel.id}.${name}`, { defaultValue: name })}
      schema={schema}
      value={config[name] ?? schema.default}
      secret={channel.secretKeys.includes(name)}
      secretSet={secretsSet.includes(name)}
      required={required}
      onChange={(value) => props.onChange({ ...config, [name]: value })}
    />
  ))
}
