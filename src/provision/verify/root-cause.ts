import type { Part, PathNode } from './path.ts';

/** What was found of one hop. */
export interface Finding {
  hop: string;
  /** `warning`: it works, and somebody should know something of it. `skipped`: it was not tried, or is not proved. */
  state: 'ok' | 'warning' | 'broken' | 'skipped';
  /** How long the function took for it, ms. */
  ms?: number;
  /** What was found, or why it was not tried. */
  detail?: string;
  /** Of one that is broken or warned of: what is wrong and what to do, one sentence. */
  why?: string;
  /** The command of the AWS CLI that `why` asks for. */
  command?: string;
  /** Of one that is broken: it had an answer, so the network as far as there works. */
  reached?: boolean;
}

export interface VerifiedHop extends Omit<Finding, 'reached'> {
  part: Part;
}

/**
 * Joins what was tried and what was read of the configuration, so that one fault is one broken hop:
 * - behind a broken hop nothing is broken, but skipped;
 * - what was read and looks wrong is only warned of where everything works that needs it.
 */
export function joined(way: readonly PathNode[], findings: readonly Finding[]): VerifiedHop[] {
  const found = new Map(findings.map(finding => [finding.hop, finding]));
  const places = new Map(way.map(place => [place.hop, place]));
  const findingOf = (hop: string): Finding => found.get(hop) ?? { hop, state: 'skipped' };
  const roots = new Map<string, string | undefined>();

  const isProved = ({ hop, tried }: PathNode): boolean => {
    const needing = way.filter(other => other.tried && other.needs.includes(hop)).map(other => findingOf(other.hop));
    const answers = needing.filter(({ state }) => state !== 'skipped');
    return !tried && answers.length > 0 && answers.every(({ state, reached }) => state === 'ok' || reached);
  };
  const isWell = (place: PathNode): boolean => findingOf(place.hop).state === 'ok' || isProved(place);

  /** The broken hop that this one is, or is behind. */
  const rootOf = (place: PathNode): string | undefined => {
    if (isWell(place)) return undefined;
    if (!roots.has(place.hop)) {
      const before = [...place.needs, ...place.suffers].flatMap(hop => places.get(hop) ?? []);
      const behind = before.map(rootOf).find(root => root !== undefined);
      roots.set(place.hop, behind ?? (findingOf(place.hop).state === 'broken' ? place.hop : undefined));
    }
    return roots.get(place.hop);
  };

  return way.map((place): VerifiedHop => {
    const { hop, part } = place;
    const { reached, ...finding } = findingOf(hop);
    const root = rootOf(place);
    if (finding.state === 'broken' && isProved(place)) return { ...finding, part, state: 'warning' };
    const isExplained = finding.state === 'skipped' && finding.detail !== undefined;
    if (root === undefined || root === hop || isExplained) return { ...finding, part };
    return { hop, part, state: 'skipped', detail: `behind ${root}` };
  });
}
