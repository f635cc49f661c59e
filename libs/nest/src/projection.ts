/** The views as the queries and the operators see them. */
import type { Position } from '#event-store/event-store.js';

export interface Projection {
  /** Whether the process is ready only while they serve. */
  isNeeded(): boolean;
  /** False while the views are being rebuilt, and when nothing feeds them any more. */
  isServing(): boolean;
  waitFor(position: Position, timeoutMs: number): Promise<boolean>;
  lag(): Promise<{ readonly head: Position | undefined; readonly reached: Position | undefined; readonly behindMs: number }>;
  standings(): readonly { readonly view: string; readonly position: Position | undefined; readonly stopped: boolean }[];
  /** Makes all views anew from the log. Rejects when it is being done already. */
  rebuild(): Promise<{ readonly position: Position | undefined }>;
}

export const PROJECTION = Symbol('projection');
