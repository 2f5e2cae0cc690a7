/** The address of the run's PostgreSQL, started by the global set-up; a database of its own is the test's to make. */
export function postgresUrl(): string {
  return served('TEST_POSTGRES_URL', 'PostgreSQL')
}

/** The address of the run's Redis, started by the global set-up. */
export function redisUrl(): string {
  return served('TEST_REDIS_URL', 'Redis')
}

function served(variable: string, server: string): string {
  const url = process.env[variable]
  if (!url) throw new Error(`This suite needs ${server}, which the global set-up could not start; its output says what is missing.`)
  return url
}
