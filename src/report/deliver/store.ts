/** Where reports and their ledger are kept: keys with text, as S3 keeps them. */
export interface Store {
  /** Undefined where there is nothing under the key. */
  get(key: string): Promise<{ text: string; etag: string } | undefined>;
  /**
   * Writes under a key. With `if`, only where there is nothing yet (`absent`) or still that version (its etag): S3's
   * conditional writes. Its answer is the new etag, or `refused`: somebody else was first. The answer decides, never a
   * look before it.
   */
  put(
    key: string,
    text: string,
    options: { type: string; if?: 'absent' | { etag: string } },
  ): Promise<string | 'refused'>;
  /** Keys that begin with `prefix`, in ascending order, those after `after` only. */
  list(prefix: string, after?: string): Promise<string[]>;
}
