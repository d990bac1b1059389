import type { Tagged } from '../tag-list.ts';

export interface Parameter extends Tagged {
  name: string;
  type: 'String' | 'SecureString';
  value: string;
  /** ARN of the customer's key that it is encrypted with; absent: AWS's own for SSM. */
  key?: string;
  version: number;
  /** What it was before, by the number of the version. */
  history: Map<number, Pick<Parameter, 'type' | 'value' | 'modifiedAt'>>;
  createdAt: number;
  modifiedAt: number;
}

/** Parameter Store of one region. */
export class SsmWorld {
  readonly parameters = new Map<string, Parameter>();
}
