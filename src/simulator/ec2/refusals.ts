import { AwsError, NotSimulated } from '../aws-error.ts';

export const dependencyViolation = (message: string) => new AwsError('DependencyViolation', message);
export const invalidParameter = (message: string) => new AwsError('InvalidParameterValue', message);
export const invalidCombination = (message: string) => new AwsError('InvalidParameterCombination', message);

/** The value of a parameter that AWS insists on. */
export function required<T>(value: T | undefined, parameter: string): T {
  if (value === undefined || value === '')
    throw new AwsError('MissingParameter', `The request must contain the parameter ${parameter}`);
  return value;
}

/** Refuses members of a nested parameter that are not modelled, so that none is silently ignored. */
export function verifyMembers<T extends object>(
  value: T | undefined,
  members: readonly (keyof T & string)[],
  parameter: string,
): void {
  for (const [name, member] of Object.entries(value ?? {})) {
    if (member !== undefined && !(members as readonly string[]).includes(name))
      throw new NotSimulated(`the parameter ${parameter}.${name}`);
  }
}
