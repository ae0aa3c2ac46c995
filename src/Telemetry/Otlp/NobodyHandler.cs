using System.Net;

namespace Orchestrator.Telemetry;

/// <summary>
/// Takes requests within the process and answers as a receiver would that took all of them, by HTTP
/// and by gRPC.
/// </summary>
internal sealed class NobodyHandler : HttpMessageHandler
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Content?.CopyTo(Stream.Null, null, cancellationToken);
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Version = request.Version, Content = new ByteArrayContent([]) };
        answer.TrailingHeaders.Add("grpc-status", "0");
        return answer;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(Send(request, cancellationToken));
}
