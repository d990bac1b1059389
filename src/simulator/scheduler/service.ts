import type { SimulatedService } from '../service.ts';
import { groups } from './groups.ts';
import { schedules } from './schedules.ts';

export const scheduler: SimulatedService<'scheduler'> = { ...groups, ...schedules };
