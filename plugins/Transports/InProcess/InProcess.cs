using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// Worker cores in the run's own process: a bounded hand-over under one lock. What is sent is read
/// where it lies, a result is written where the server reads it; nothing is copied.
/// </summary>
[Description("Worker cores in the run's own process; nothing is copied.")]
[Plugin("in-process")]
internal sealed class InProcess : ITransport
{
    public IServerEnd Listen(LinkTerms terms) => new InProcessLink(terms);
}
