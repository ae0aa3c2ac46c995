using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders.Tests;

public sealed class PushRingTests
{
    [Fact]
    public void TryAdd_WhenFull_IsRefusedUntilARelease()
    {
        var ring = new PushRing(4);
        Assert.All(Enumerable.Range(0, 4), n => Assert.True(ring.TryAdd(Samples.Push(n))));
        Assert.False(ring.TryAdd(Samples.Push(4)));
        ring.Release(1);
        Assert.True(ring.TryAdd(Samples.Push(4)));
        Assert.Equal(5, ring.Added);
    }

    [Fact]
    public void Peek_AcrossTheEnd_GivesTheOldestFirst()
    {
        var ring = new PushRing(4);
        Assert.True(ring.Peek(9).IsEmpty);
        Assert.All(Enumerable.Range(0, 3), n => Assert.True(ring.TryAdd(Samples.Push(n))));
        ring.Release(3);
        Assert.All(Enumerable.Range(3, 3), n => Assert.True(ring.TryAdd(Samples.Push(n))));
        Assert.Equal([Samples.Push(3)], ring.Peek(9).ToArray());
        ring.Release(1);
        Assert.Equal([Samples.Push(4)], ring.Peek(1).ToArray());
        Assert.Equal([Samples.Push(4), Samples.Push(5)], ring.Peek(9).ToArray());
    }

    [Fact]
    public void Records_WithASlowConsumer_ComeWholeAndInOrder()
    {
        const int Count = 20_000;
        var ring = new PushRing(8);
        long taken = 0, wrong = 0;
        var consumer = new Thread(() =>
        {
            while (taken < Count)
            {
                var chunk = ring.Peek((int)(taken % 3) + 1);
                foreach (ref readonly var record in chunk)
                {
                    wrong += record == Samples.Push(taken++) ? 0 : 1;
                }

                ring.Release(chunk.Length);
                Thread.Yield();
            }
        });
        consumer.Start();
        for (var n = 0; n < Count; n++)
        {
            while (!ring.TryAdd(Samples.Push(n)))
            {
                Thread.Yield();
            }
        }

        consumer.Join();
        Assert.Equal((Count, 0L), (taken, wrong));
    }
}
