/** What sources are called. */

import type { DataSource, NewDataSource } from '../../api/schema'

export type SourceType = NewDataSource['source_type']

export const SOURCE_TYPES: Record<SourceType, string> = {
  postgresql: 'PostgreSQL',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  redis: 'Redis or Valkey',
  sqlite: 'SQLite file',
  http: 'HTTP(S) address',
  host: "The server's own machine",
}

export const SOURCE_STATES: Record<DataSource['status'], string> = {
  active: 'Answers',
  error: 'Does not answer',
  pending: 'Not tried yet',
  inactive: 'Paused',
  syncing: 'Syncing',
  maintenance: 'Maintenance',
}

export const INTERVALS = { 5: 'every 5 s', 15: 'every 15 s', 60: 'every minute', 300: 'every 5 minutes', 3600: 'every hour' } as const

/** Which fields an address of this type has. */
export const FIELDS: Record<SourceType, { host: string; placeholder: string; port?: number; database?: boolean; user?: boolean }> = {
  postgresql: { host: 'Host', placeholder: 'db.example.org', port: 5432, database: true, user: true },
  mysql: { host: 'Host', placeholder: 'db.example.org', port: 3306, database: true, user: true },
  mariadb: { host: 'Host', placeholder: 'db.example.org', port: 3306, database: true, user: true },
  redis: { host: 'Host', placeholder: 'cache.example.org', port: 6379, user: true },
  sqlite: { host: 'Path of the file', placeholder: '/srv/data/app.db' },
  http: { host: 'Address', placeholder: 'https://example.org/health' },
  host: { host: '', placeholder: '' },
}

export const typeWords = (type: string): string => SOURCE_TYPES[type as SourceType] ?? type
