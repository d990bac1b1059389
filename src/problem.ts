/** Exit codes of the command line; scripts rely on them. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  differences: 3,
  unhealthy: 4,
  left: 5,
  interrupted: 130,
} as const;
export type ExitReason = keyof typeof exitCodes;

/** AWS's own words about a refused call, shown below our sentence. */
export interface AwsWords {
  operation: string;
  name: string;
  message: string;
  requestId?: string;
  /** Who denies the call, where it is denied. */
  denial?: Denial;
  /** The rest of a denial's reason, which only sts:DecodeAuthorizationMessage reads. */
  encoded?: string;
}

/** A call that is denied, as far as AWS says by whom. */
export interface Denial {
  /** IAM's action, such as `ec2:CreateVpc`. */
  action: string;
  /** An ARN, or `*`. */
  resource?: string;
  /** The kind of policy, such as `service control policy`. */
  by?: string;
  /** Whether a policy forbids it, rather than that none allows it. */
  isExplicit: boolean;
  /** The ARN of the policy that forbids it. */
  policyArn?: string;
}

export interface ProblemDetails {
  /** Why the process ends: decides the exit code. Default `failed`. */
  exit?: ExitReason;
  /** What to do next, as one sentence, where the message does not already say it. */
  next?: string;
  aws?: AwsWords;
  cause?: unknown;
  /** Nothing else can be done either: no other step is begun. */
  endsRun?: boolean;
}

/**
 * A failure that a person can act on. `code` is stable kebab-case for scripts (`name-taken`), `message` is one sentence
 * with the wrong value in it that says what to do. Never holds a secret.
 */
export class Problem extends Error {
  readonly exit: ExitReason;
  readonly next: string | undefined;
  readonly aws: AwsWords | undefined;
  readonly endsRun: boolean;

  constructor(
    readonly code: string,
    message: string,
    details: ProblemDetails = {},
  ) {
    super(message, { cause: details.cause });
    this.name = 'Problem';
    this.exit = details.exit ?? 'failed';
    this.next = details.next;
    this.aws = details.aws;
    this.endsRun = details.endsRun ?? false;
  }
}

/** Problems that every call to AWS would meet: nobody is signed in, or nothing gets through. */
const everywhere = new Set([
  'aws-unreachable',
  'bad-credentials',
  'clock-skew',
  'credentials-expired',
  'mfa-needed',
  'mfa-refused',
  'no-credentials',
  'proxy-refused',
  'proxy-unreachable',
  'region-disabled',
  'untrusted-certificate',
]);

/** Whether every other call to AWS would fail for the same reason. */
export const failsEverywhere = (error: unknown): error is Problem =>
  error instanceof Problem && everywhere.has(error.code);
