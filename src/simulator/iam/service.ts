import type { SimulatedService } from '../service.ts';
import { profiles } from './profiles.ts';
import { roles } from './roles.ts';

export const iam: SimulatedService<'iam'> = { ...roles, ...profiles };
