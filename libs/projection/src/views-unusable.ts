/** The views' place cannot serve as views: foreign, damaged, of a newer program, or it lets this user not in. The message says what to do. */
export class ViewsUnusable extends Error {
  override readonly name = 'ViewsUnusable';
  constructor(sentence: string, { hint, ...options }: ErrorOptions & { readonly hint?: string } = {}) {
    super(hint === undefined ? sentence : `${sentence} (hint: ${hint})`, options);
  }
}
