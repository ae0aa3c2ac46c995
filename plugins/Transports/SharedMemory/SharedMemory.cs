using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>When a worker host is given up.</summary>
public sealed record SharedMemoryOptions(
    [Description("A worker host that gives no sign of life for as long is lost, s.")][Range(0.1, 86_400.0)] double SilenceSeconds = 15,
    [Description("How long the run waits for another worker host when the last one was lost, s.")][Range(0.1, 1e6)] double HostWaitSeconds = 60);

/// <summary>
/// Worker hosts of the same user on this machine (Linux). Each has a piece of shared memory with
/// one slot per gradient: gradients are computed in place and read in place; parameters are read
/// where the server wrote them. A short spin, then a byte on a Unix-domain socket, wakes the other
/// side; the end of the socket is the end of the peer. Neither memory nor socket has a name in any
/// folder, so nothing stays behind however a process ends.
/// </summary>
[Description("Worker processes of this machine; gradients are computed in memory that both sides share.")]
[Plugin("shared-memory")]
internal sealed class SharedMemory(SharedMemoryOptions options) : ITransport
{
    private readonly Limits limits = new((int)(options.SilenceSeconds * 1000), (int)(options.HostWaitSeconds * 1000));

    public bool TakesHosts => true;

    public string AddressForm => SharedJoining.Prefix + "NAME";

    public bool IsAddress(string text) => SharedJoining.IsAddress(text);

    public string? Mistake(MeetingPlace place) => place.Address is null || IsAddress(place.Address) ? null : SharedJoining.Malformed(place.Address);

    public IServerEnd Listen(LinkTerms terms) => SharedServerEnd.Open(terms, limits);

    public IJoining Join(JoinRequest request) => SharedJoining.Open(request);
}
