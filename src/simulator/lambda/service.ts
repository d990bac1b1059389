import type { SimulatedService } from '../service.ts';
import { functions } from './functions.ts';
import { invoke } from './invoke.ts';
import { layers } from './layers.ts';
import { permissions } from './permissions.ts';

export const lambda: SimulatedService<'lambda'> = { ...functions, ...layers, ...permissions, Invoke: invoke };
