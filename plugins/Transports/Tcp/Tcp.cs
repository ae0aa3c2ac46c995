using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>When a worker host is given up.</summary>
public sealed record TcpOptions(
    [Description("A worker host that sends nothing for as long is lost, s.")][Range(0.1, 86_400.0)] double SilenceSeconds = 15,
    [Description("How long the run waits for another worker host when the last one was lost, s.")][Range(0.1, 1e6)] double HostWaitSeconds = 60);

/// <summary>
/// Worker hosts anywhere, over framed TCP. On this machine alone unless told otherwise; to other
/// machines under TLS, with the server's certificate pinned by the token file.
/// </summary>
[Description("Worker processes on any machine, over TCP; beyond this machine under TLS.")]
[Plugin("tcp")]
internal sealed class Tcp(TcpOptions options) : ITransport
{
    private readonly Limits limits = new((int)(options.SilenceSeconds * 1000), (int)(options.HostWaitSeconds * 1000));

    public bool TakesHosts => true;

    public string AddressForm => Addresses.Form;

    public bool IsAddress(string text) => Addresses.TryParse(text, out _, out var port) && port > 0;

    public string? Mistake(MeetingPlace place) => TcpServerEnd.Mistake(place);

    public IServerEnd Listen(LinkTerms terms) => TcpServerEnd.Open(terms, limits);

    public IJoining Join(JoinRequest request) => TcpJoining.Open(request);
}
