import { notifications } from '@mantine/notifications'

/** Tells of something that went wrong, for as long as it takes to read. */
export function tellFailure(sentence: string): void {
  notifications.show({ message: sentence, color: 'red', autoClose: 8_000 })
}

/** Tells of something done, briefly. */
export function tellDone(sentence: string): void {
  notifications.show({ message: sentence, autoClose: 3_000 })
}
