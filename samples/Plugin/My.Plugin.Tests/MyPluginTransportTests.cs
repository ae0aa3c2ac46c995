using Orchestrator.Abstractions;
using Orchestrator.Testing;
using Xunit;

// The contract suite counts allocations of the whole process: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace My.Plugin.Tests;

/// <summary>
/// Inherits what every transport promises: work comes back whole, once and in order, ...
/// </summary>
public class MyPluginTransportContract : TransportContract
{
    public override ITransport Create() => new MyPluginTransport();
}

/// <summary>And tests what only this one does.</summary>
public class MyPluginTransportTests
{
    [Fact]
    public void What_is_sent_is_free_as_soon_as_it_is_posted()
    {
        using var server = new MyPluginTransport().Listen(new LinkTerms(SentLength: 2, PushLength: 2, StateLength: 0, Slots: 2));
        using var sent = new NativeVector(2);
        sent.Span.Fill(1);
        server.Post(new Work(Ticket: 1, Worker: 0, Gradient: 0, Batch: 0, Version: 0, LearningRate: 0.1, sent, State: null));
        sent.Span.Fill(2);

        var work = new HostWork();
        Assert.True(server.LocalHost!.Receive(work, wait: false));
        Assert.Equal([1, 1], work.Work.Sent.Span.ToArray());
    }
}
