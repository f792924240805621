import { civil } from './civil'
import { float64High, float64Low, low32 } from './vector'

const MICROS_PER_DAY: f64 = 86400000000
const MICROS_PER_HOUR: f64 = 3600000000

// @ts-ignore: decorator
@inline function dayOf(micros: v128): v128 {
  return f64x2.floor(f64x2.div(micros, f64x2.splat(MICROS_PER_DAY)))
}

// @ts-ignore: decorator
@inline function hourOf(micros: v128): v128 {
  const inDay = f64x2.sub(micros, f64x2.mul(dayOf(micros), f64x2.splat(MICROS_PER_DAY)))
  return f64x2.floor(f64x2.div(inDay, f64x2.splat(MICROS_PER_HOUR)))
}

export function date_of(n: i32, time: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, time += 32)
    v128.store(out, low32(dayOf(v128.load(time)), dayOf(v128.load(time, 16))))
}

export function hour_of(n: i32, time: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, time += 32)
    v128.store(out, low32(hourOf(v128.load(time)), hourOf(v128.load(time, 16))))
}

export function day_start(n: i32, date: usize, out: usize): void {
  const day = f64x2.splat(MICROS_PER_DAY)
  const zero = f64x2.splat(0)
  for (const end = out + (n << 3); out < end; out += 32, date += 16) {
    const days = v128.load(date)
    v128.store(out, f64x2.add(f64x2.mul(float64Low(days), day), zero))
    v128.store(out, f64x2.add(f64x2.mul(float64High(days), day), zero), 16)
  }
}

export function year(n: i32, date: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 4, date += 4)
    store<i32>(out, civil(load<i32>(date)) >> 9)
}

export function month(n: i32, date: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 4, date += 4)
    store<i32>(out, (civil(load<i32>(date)) >> 5) & 15)
}

export function day(n: i32, date: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 4, date += 4)
    store<i32>(out, civil(load<i32>(date)) & 31)
}

export function weekday(n: i32, date: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 4, date += 4) {
    const rest = (load<i32>(date) + 3) % 7
    store<i32>(out, (rest < 0 ? rest + 7 : rest) + 1)
  }
}
