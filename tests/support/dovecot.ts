export { type Dovecot, type DovecotOptions, mailPassword, startDovecot } from '../../src/bench/dovecot.ts'
