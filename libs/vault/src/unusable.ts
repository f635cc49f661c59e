/** The vault cannot be opened: its file is damaged, foreign or newer than this program. The message is one sentence and says what to do. */
export class VaultUnusable extends Error {
  override readonly name: string = 'VaultUnusable';
}

/** The keys are missing, damaged, or another ledger's. */
export class KeysUnusable extends VaultUnusable {
  override readonly name: string = 'KeysUnusable';
}

/** The vault cannot be reached now, or does not answer in time; of a write nothing is known. It may be back at any moment. */
export class VaultUnavailable extends Error {
  override readonly name = 'VaultUnavailable';
}
