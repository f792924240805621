import type { Recipe } from '../recipe.ts'
import { type Source } from '../source.ts'
/** raw_crm_customers: the customers that sales knows. */
export declare const crmSource: (recipe: Recipe) => Source
