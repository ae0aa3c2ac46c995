using System.Net;
using System.Net.Sockets;
using Orchestrator.Composition;

namespace Orchestrator.Telemetry.Tests;

// Not beside a receiver of this process: a rehearsal blocks threads that would answer for it.
[Collection("receiver")]
public sealed class TelemetryWarmUpTests
{
    [Theory]
    [InlineData(OtlpProtocol.Grpc)]
    [InlineData(OtlpProtocol.HttpProtobuf)]
    public void ARehearsal_ExportsEverything_AndCallsNobody(OtlpProtocol protocol)
    {
        using var receiver = new TcpListener(IPAddress.Loopback, 0);
        receiver.Start();
        var settings = new TelemetrySettings(Endpoint: $"http://{receiver.LocalEndpoint}", Protocol: protocol);

        Assert.Empty(TelemetryWarmUp.Play(TelemetryPlan.From(settings, _ => null), scraped: true));
        Assert.False(receiver.Pending());
    }
}
