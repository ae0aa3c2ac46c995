using Orchestrator.Abstractions;

namespace Orchestrator.Engine.Tests;

/// <summary>
/// Flights leave in the order of (time, worker), whatever was added, taken and cancelled before.
/// </summary>
public sealed class ArrivalOrderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1_000)]
    public void TheEarliestLeavesFirst(int workers)
    {
        var random = new Random(workers);
        var flights = Enumerable.Range(0, workers).Select(worker => new InFlightPush { Worker = worker, Sent = new ParameterSnapshot(new NativeVector(1)) })
            .ToArray();
        var expected = new SortedSet<(long, int)>();
        var queue = new ArrivalTree(workers);
        var pending = new ArrivalQueue(workers, _ => { });
        for (var step = 0; step < 20_000; step++)
        {
            var flight = flights[random.Next(workers)];
            if (expected.Contains((flight.Due, flight.Worker)))
            {
                // Mostly the earliest is taken, sometimes any is cancelled.
                flight = random.Next(4) == 0 ? flight : flights[expected.Min.Item2];
                expected.Remove((flight.Due, flight.Worker));
                TakeOrRemove(queue, pending, flight);
            }
            else
            {
                // Few times, so that many are equal.
                flight.Due = step + random.Next(workers);
                expected.Add((flight.Due, flight.Worker));
                queue.Add(flight, flight.Due);
                pending.Add(flight);
            }

            var first = expected.Count > 0 ? flights[expected.Min.Item2] : null;
            Assert.Same(first, queue.First);
            Assert.Same(first, pending.First);
            Assert.Equal(expected.Count, queue.Count);
        }
    }

    [Fact]
    public void WhatIsNotInTheQueueIsNotRemoved()
    {
        var (one, other) = (
            new InFlightPush { Worker = 3, Due = 5, Sent = new ParameterSnapshot(new NativeVector(1)) },
            new InFlightPush { Worker = 3, Sent = new ParameterSnapshot(new NativeVector(1)) });
        var queue = new ArrivalTree(4);
        queue.Add(one, one.Due);
        Assert.False(queue.Remove(other));
        Assert.True(queue.Remove(one));
        Assert.False(queue.Remove(one));
        Assert.Null(queue.First);
    }

    private static void TakeOrRemove(ArrivalTree queue, ArrivalQueue pending, InFlightPush flight)
    {
        if (queue.First == flight)
        {
            Assert.Same(flight, queue.RemoveFirst().Push);
            Assert.Same(flight, pending.RemoveFirst());
        }
        else
        {
            Assert.True(queue.Remove(flight));
            Assert.True(pending.Remove(flight));
        }
    }
}
