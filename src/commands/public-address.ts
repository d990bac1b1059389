/** The operator's public IPv4 address, as AWS sees it; undefined where that cannot be asked within three seconds. */
export async function findPublicAddress(): Promise<string | undefined> {
  try {
    const answer = await fetch('https://checkip.amazonaws.com', { signal: AbortSignal.timeout(3_000) });
    const address = (await answer.text()).trim();
    return answer.ok && /^\d{1,3}(\.\d{1,3}){3}$/.test(address) ? address : undefined;
  } catch {
    return undefined;
  }
}
