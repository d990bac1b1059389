/**
 * An error as the SDK's deserializer would have thrown it: `name` is what AWS calls it, and the fields that retry
 * strategies read are set. For EC2 the name is the code itself (`InvalidGroup.InUse`); IAM and SNS names end in
 * `Exception`, with the short wire code in `Code`.
 */
export class AwsError extends Error {
  readonly $fault: 'client' | 'server';
  readonly $metadata: { httpStatusCode: number; requestId: string };
  readonly Code: string;

  constructor(name: string, message: string, status = 400) {
    super(message);
    this.name = name;
    this.Code = name.replace(/Exception$/, '');
    this.$fault = status >= 500 ? 'server' : 'client';
    this.$metadata = { httpStatusCode: status, requestId: 'simulated' };
  }
}

/**
 * Something that the simulator does not model: a gap in the simulator or a mistake in the caller, never an answer of
 * AWS.
 */
export class NotSimulated extends Error {
  constructor(what: string) {
    super(`The simulator does not know ${what}.`);
    this.name = 'NotSimulated';
  }
}
