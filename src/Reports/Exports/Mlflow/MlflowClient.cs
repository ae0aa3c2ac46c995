using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Reports;

/// <summary>
/// The calls of MLflow's REST API 2.0 that an export makes. A server that is busy or away for a
/// moment is asked again, where asking twice does no harm.
/// </summary>
internal sealed class MlflowClient : IDisposable
{
    private const int MostTries = 5;
    private const int LongestMessage = 300;

    private readonly HttpClient http;
    private readonly TimeProvider time;
    private readonly TimeSpan firstPause;

    /// <param name="server">Whom to ask.</param>
    /// <param name="time">Waits.</param>
    /// <param name="firstPause">Before the second try; doubled before each other.</param>
    public MlflowClient(MlflowServer server, TimeProvider time, TimeSpan firstPause)
    {
        (this.time, this.firstPause) = (time, firstPause);

        // Who is redirected would send the token elsewhere.
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(15) })
        {
            BaseAddress = new Uri(server.Address, "api/2.0/mlflow/"),
            Timeout = TimeSpan.FromSeconds(120),
        };
        http.DefaultRequestHeaders.Authorization = server.Authorization;
    }

    /// <summary>The experiment of a name, made where there is none.</summary>
    public async Task<string> ExperimentAsync(string name, CancellationToken stop)
    {
        if (await FindExperimentAsync(name, stop) is { } there)
        {
            return there;
        }

        try
        {
            var made = await PostAsync("experiments/create", new JsonObject { ["name"] = name }, isRepeatable: true, stop);
            return Text(made, "experiment_id");
        }
        catch (MlflowException failure) when (failure.Code == "RESOURCE_ALREADY_EXISTS")
        {
            // Somebody else made it meanwhile, or the first of two tries did; or it was deleted there.
            return await FindExperimentAsync(name, stop) ?? throw new InvalidDataException($"{http.BaseAddress}: the experiment '{name}' can be neither found nor made.");
        }
    }

    /// <summary>A call that changes something.</summary>
    /// <param name="call">Its path.</param>
    /// <param name="body">What it is told.</param>
    /// <param name="isRepeatable">Whether to make it twice is the same as once.</param>
    /// <param name="stop">Ends it early.</param>
    public Task<JsonElement> PostAsync(string call, JsonObject body, bool isRepeatable, CancellationToken stop) =>
        AskAsync(call, () => new HttpRequestMessage(HttpMethod.Post, call) { Content = JsonContent.Create(body) }, isRepeatable, stop);

    public void Dispose() => http.Dispose();

    /// <summary>A member of an answer.</summary>
    public static string Text(JsonElement answer, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            answer = answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var inner) ? inner : default;
        }

        return answer.ValueKind == JsonValueKind.String ? answer.GetString()! : throw new InvalidDataException($"the server's answer has no {string.Join('.', path.ToArray())}: it is no MLflow tracking server");
    }

    private async Task<string?> FindExperimentAsync(string name, CancellationToken stop)
    {
        try
        {
            var call = $"experiments/get-by-name?experiment_name={Uri.EscapeDataString(name)}";
            return Text(await AskAsync(call, () => new HttpRequestMessage(HttpMethod.Get, call), isRepeatable: true, stop), "experiment", "experiment_id");
        }
        catch (MlflowException failure) when (failure.Code == "RESOURCE_DOES_NOT_EXIST")
        {
            return null;
        }
    }

    private async Task<JsonElement> AskAsync(string call, Func<HttpRequestMessage> make, bool isRepeatable, CancellationToken stop)
    {
        var pause = firstPause;
        for (var tried = 1; ; tried++, pause *= 2)
        {
            try
            {
                using var request = make();
                using var answer = await http.SendAsync(request, stop);
                if (answer.IsSuccessStatusCode)
                {
                    return await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
                }

                var failure = await FailureAsync(call, answer, stop);
                if (tried == MostTries || !MayPass(answer.StatusCode, isRepeatable))
                {
                    throw failure;
                }
            }
            catch (HttpRequestException) when (isRepeatable && tried < MostTries)
            {
                // Asked again.
            }
            catch (HttpRequestException failure)
            {
                throw new IOException($"{http.BaseAddress}: {failure.Message}", failure);
            }
            catch (JsonException)
            {
                throw new InvalidDataException($"{http.BaseAddress}{call}: the answer is no JSON: it is no MLflow tracking server.");
            }
            catch (TaskCanceledException) when (!stop.IsCancellationRequested)
            {
                throw new IOException($"{http.BaseAddress}{call}: no answer for {http.Timeout.TotalSeconds:F0} s.");
            }

            await Task.Delay(pause, time, stop);
        }
    }

    // Refused before it was done; or it may have been done, and would be again.
    private static bool MayPass(HttpStatusCode status, bool isRepeatable) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable || (isRepeatable && (int)status >= 500);

    private async Task<MlflowException> FailureAsync(string call, HttpResponseMessage answer, CancellationToken stop)
    {
        var text = await answer.Content.ReadAsStringAsync(stop);
        string? code = null;
        try
        {
            using var body = JsonDocument.Parse(text);
            code = Text(body.RootElement, "error_code");
            text = Text(body.RootElement, "message");
        }
        catch (Exception other) when (other is JsonException or InvalidDataException)
        {
            // Not MLflow's own words: a proxy's, or another server's.
        }

        return new MlflowException(code, $"{http.BaseAddress}{call}: {(int)answer.StatusCode} {answer.ReasonPhrase}: {text[..Math.Min(text.Length, LongestMessage)]}");
    }
}

/// <summary>A tracking server refused a call.</summary>
/// <param name="code">Its <c>error_code</c>; null without one.</param>
/// <param name="message">Call, status and the server's words.</param>
internal sealed class MlflowException(string? code, string message) : IOException(message)
{
    public string? Code => code;
}
