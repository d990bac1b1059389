import type { SimulatedService } from '../service.ts';
import { profiles } from './profiles.ts';
import { roles } from './roles.ts';
import { simulations } from './simulations.ts';

export const iam: SimulatedService<'iam'> = { ...roles, ...profiles, ...simulations };
