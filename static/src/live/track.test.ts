import { expect, test } from 'vitest'

import { Track, type LiveEvent, type Seat } from './track'

const event = (offset: number): LiveEvent => ({
  id: `e${offset}`,
  type: 'counterpoint.document.created.v1',
  time: '2026-01-01T00:00:00Z',
  subject: 'document/1',
  actor: 'user/1',
  actorkind: 'person',
  actorname: 'Ada',
  offset,
  data: {},
})

function seatAt(offset: number, epoch = 'a') {
  const heard: (number | 'reload')[] = []
  const seat: Seat = {
    since: { epoch, offset },
    onEvent: (each) => heard.push(each.offset),
    onReload: () => heard.push('reload'),
  }
  return { seat, heard }
}

function trackAt(offset: number, ...seats: Seat[]): Track {
  const track = new Track({ epoch: 'a', offset })
  for (const seat of seats) track.seats.add(seat)
  return track
}

test('each seat hears what is behind its own position, and nothing twice', () => {
  const [early, late] = [seatAt(3), seatAt(5)]
  const track = trackAt(3, early.seat, late.seat)
  for (const offset of [4, 5, 5, 4, 6]) track.heard(event(offset))
  expect(early.heard).toEqual([4, 5, 6])
  expect(late.heard).toEqual([6])
})

test('a list that was loaded hears again what came behind its position', () => {
  const { seat, heard } = seatAt(3)
  const track = trackAt(3, seat)
  for (const offset of [4, 5, 6]) track.heard(event(offset))
  heard.length = 0
  seat.since = { epoch: 'a', offset: 4 }
  track.catchUp(seat)
  expect(heard).toEqual([5, 6])
})

test('a list that is older than what is known must be loaded anew, also one of another epoch', () => {
  const track = trackAt(3)
  const [old, other] = [seatAt(2), seatAt(9, 'b')]
  track.catchUp(old.seat)
  track.catchUp(other.seat)
  expect([old.heard, other.heard]).toEqual([['reload'], ['reload']])
})

test('after a loss everybody loads anew, and follows from there', () => {
  const { seat, heard } = seatAt(3)
  const track = trackAt(3, seat)
  track.heard(event(4))
  track.lost({ epoch: 'b', offset: 40 })
  seat.since = { epoch: 'b', offset: 41 }
  track.catchUp(seat)
  track.heard(event(41))
  track.heard(event(42))
  expect(heard).toEqual([4, 'reload', 42])
})

test('only the last thousand events are kept', () => {
  const track = trackAt(0)
  for (let offset = 1; offset <= 1001; offset += 1) track.heard(event(offset))
  const [inside, outside] = [seatAt(1), seatAt(0)]
  track.catchUp(inside.seat)
  track.catchUp(outside.seat)
  expect(inside.heard.length).toBe(1000)
  expect(outside.heard).toEqual(['reload'])
})
