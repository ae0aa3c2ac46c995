using System.ComponentModel;
using Orchestrator.Abstractions;

namespace My.Plugin;

/// <summary>
/// Worker cores in the run's own process, each of which computes on a copy: what was sent is free
/// as soon as it is posted, and lies near the core that reads it.
/// </summary>
[Plugin("my-plugin")]
[Description("Worker cores in the run's own process that compute on copies.")]
internal sealed class MyPluginTransport : ITransport
{
    public IServerEnd Listen(LinkTerms terms) => new MyPluginTransportLink(terms);
}
