/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import type { EventType } from '../../envelope.js';
import { id, instant, integer, list, object, optional, uuid, type DataOf } from '../../schema.js';

export const noticeEvents = {
  /** A notice reached the person (GDPR Art. 13, 14, 13(3), 14(4)). `obligations`: those of Art. 14(3) that it closes. */
  NoticeServed: {
    version: 1,
    members: { notice: object({ id, version: integer }), conference: optional(id), channel: optional(id), obligations: list(uuid), servedAt: instant },
  },
} as const satisfies Record<string, EventType>;

export type NoticeData = { readonly [T in keyof typeof noticeEvents]: DataOf<(typeof noticeEvents)[T]['members']> };
