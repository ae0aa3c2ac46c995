using System.Net.Sockets;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports.Tests;

/// <summary>What a peer may do to a run that listens: cost itself its connection.</summary>
public class HostilePeerTests
{
    /// <summary>See <see cref="LinkTerms.ResultReady"/>.</summary>
    protected virtual Action<bool>? ResultReady => null;

    [Fact]
    public void WithoutTheToken_NobodyGetsIn()
    {
        using var run = Guard();
        var wrong = Path.GetTempFileName();
        try
        {
            Token.Create(null).Write(wrong);
            var refusal = Assert.Throws<TransportException>(() => TcpJoining.Open(new JoinRequest(run.Server.Meeting.Address, wrong, 1)));
            Assert.Contains("does not know the run's token", refusal.Message);
        }
        finally
        {
            File.Delete(wrong);
        }

        Assert.Contains("does not know the run's token", run.Until(LinkEventKind.HostRefused).Message);
        run.AddGoodHost();
        run.WorkGoesOn();
    }

    [Fact]
    public void AServerWithoutTheToken_IsNotJoined()
    {
        using var run = Guard();
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var impostor = new Thread(() =>
        {
            // It takes whatever proof it is shown, and makes one up.
            using var socket = listener.AcceptSocket();
            using var stream = new NetworkStream(socket);
            HandshakeMessages.Send(
                stream, HandshakeMessageKind.Greeting, new WireWriter().Bytes(ServerHandshake.Magic).Int(ServerHandshake.Version).Bytes(Proof.Nonce()));
            HandshakeMessages.Receive(stream, HandshakeMessageKind.Hello, 1_000);
            HandshakeMessages.Send(
                stream, HandshakeMessageKind.Session,
                new WireWriter().Bytes(Proof.Nonce()).Int(1).Int(1).Int(0).Facts(new Dictionary<string, string>()).Text("{}"));
        });
        impostor.Start();
        var refusal = Assert.Throws<TransportException>(
            () => TcpJoining.Open(new JoinRequest(listener.LocalEndpoint.ToString()!, run.Server.Meeting.TokenFile, 1)));

        Assert.Contains("what answers there does not know the token", refusal.Message);
        Assert.True(impostor.Join(20_000));
    }

    [Fact]
    public void AnotherProtocolVersion_IsNamed()
    {
        using var run = Guard();
        using var intruder = new Intruder(run.Server);
        HandshakeMessages.Receive(intruder.Stream, HandshakeMessageKind.Greeting, 256);
        HandshakeMessages.Send(
            intruder.Stream, HandshakeMessageKind.Hello, new WireWriter().Bytes(ServerHandshake.Magic).Int(99).Bytes(new byte[64]).Int(1).Text("x"));
        var refusal = Assert.Throws<RefusedException>(() => HandshakeMessages.Receive(intruder.Stream, HandshakeMessageKind.Session, 1_000));

        Assert.Equal($"the run speaks protocol version {ServerHandshake.Version}, the worker host version 99", refusal.Message);
        Assert.Contains("version 99", run.Until(LinkEventKind.HostRefused).Message);
    }

    [Fact]
    public void AnswersForAnotherWorker_AreNotTaken() =>
        Misbehave((intruder, work) => intruder.Send(intruder.Answer(work) with { Worker = work.Worker + 1 }, 7), "another worker");

    [Fact]
    public void AnswersForAnotherPush_AreNotTaken() =>
        Misbehave((intruder, work) => intruder.Send(intruder.Answer(work) with { Gradient = 0 }, 7), "another push");

    [Fact]
    public void AnswersForWorkOfOthers_AreNotTaken() =>
        Misbehave((intruder, work) => intruder.Send(intruder.Answer(work) with { Ticket = work.Ticket + 1 }, 7), "does not hold");

    [Fact]
    public void Results_OfAnotherLength_AreNotTaken() =>
        Misbehave((intruder, work) => intruder.Send(intruder.Answer(work) with { Length = 400 }, 7), "were agreed on");

    [Fact]
    public void Frames_OfTwoGigabytes_AreNotWaitedFor() =>
        Misbehave((intruder, work) => Header(intruder, intruder.Answer(work) with { Length = int.MaxValue }), "were agreed on");

    [Fact]
    public void Messages_OfAGigabyte_AreNotWaitedFor() =>
        Misbehave((intruder, work) => Header(intruder, intruder.Answer(work) with { Kind = FrameKind.Abandoned, Length = 1 << 30 }), "2048 are allowed");

    [Fact]
    public void UnknownFrames_EndTheConnection() =>
        Misbehave((intruder, work) => Header(intruder, intruder.Answer(work) with { Kind = (FrameKind)77, Length = 0 }), "unknown kind");

    [Fact]
    public void AReplayedFrame_EndsTheConnection_AndCountsOnce()
    {
        using var run = Guard();
        using var intruder = new Intruder(run.Server).JoinAt(run);
        var ticket = run.Post();
        var (work, _) = intruder.ReceiveWork();
        intruder.Send(intruder.Answer(work), 3 * ticket);
        Assert.Equal(ticket, run.Until(LinkEventKind.Completed).Ticket);
        run.Server.Return(ticket);
        intruder.Send(intruder.Answer(work), 666);

        Assert.Contains("does not hold", run.Until(LinkEventKind.HostLeft).Message);
        Assert.Empty(run.Lost);
        run.AddGoodHost();
        run.WorkGoesOn();
    }

    [Fact]
    public void ValuesThatAreNotFinite_AreNotBelieved_WhereAnotherHostFindsOthers()
    {
        using var run = Guard();
        using var intruder = new Intruder(run.Server).JoinAt(run);
        var ticket = run.Post();
        var (work, _) = intruder.ReceiveWork();
        run.AddGoodHost();
        intruder.Send(intruder.Answer(work), float.NaN);
        Assert.Equal(ticket, run.Until(LinkEventKind.Lost).Ticket);

        // The dispatcher posts lost work again; it goes to the other host.
        var sent = new NativeVector(run.Terms.SentLength);
        sent.Span.Fill(5);
        run.Server.Post(new Work(1_000, work.Worker, work.Gradient, 0, 0, 0.1, sent, null));
        var second = run.Until(LinkEventKind.Completed);

        Assert.Equal(15, second.Result!.Span[0]);
        Assert.Contains("not finite", run.Until(LinkEventKind.HostLeft).Message);
        Assert.True(intruder.IsCutOff());
    }

    [Fact]
    public void ValuesThatAreNotFinite_AreTheResult_WhereEveryHostFindsThem()
    {
        using var run = Guard();
        using var one = new Intruder(run.Server).JoinAt(run);
        using var other = new Intruder(run.Server).JoinAt(run);
        run.Post();
        var (work, _) = one.ReceiveWork();
        one.Send(one.Answer(work), float.PositiveInfinity);
        run.Until(LinkEventKind.Lost);
        var sent = new NativeVector(run.Terms.SentLength);
        run.Server.Post(new Work(1_000, work.Worker, work.Gradient, 0, 0, 0.1, sent, null));
        var (again, _) = other.ReceiveWork();
        other.Send(other.Answer(again), float.PositiveInfinity);

        Assert.Equal(float.PositiveInfinity, run.Until(LinkEventKind.Completed).Result!.Span[0]);
    }

    [Fact]
    public void AHandshake_AByteAtATime_IsCutOff()
    {
        using var run = Guard(proving: 300);
        using var intruder = new Intruder(run.Server);
        var dripping = new Thread(() =>
        {
            try
            {
                for (var i = 0; i < 10_000; i++)
                {
                    intruder.SendRaw([1]);
                    Thread.Sleep(20);
                }
            }
            catch (IOException)
            {
                // As it should end.
            }
        });
        dripping.Start();

        Assert.Contains("protocol", run.Until(LinkEventKind.HostRefused).Message);
        Assert.True(dripping.Join(20_000));
        run.AddGoodHost();
        run.WorkGoesOn();
    }

    [Fact]
    public void AResult_AByteAtATime_CostsTheConnection()
    {
        using var run = Guard(silence: 300);
        using var intruder = new Intruder(run.Server).JoinAt(run);
        var ticket = run.Post();
        var (work, _) = intruder.ReceiveWork();
        var bytes = new byte[Frame.HeaderLength + (run.Terms.PushLength * sizeof(float))];
        intruder.Answer(work).Write(bytes);
        var dripping = new Thread(() =>
        {
            try
            {
                foreach (var one in bytes)
                {
                    intruder.SendRaw([one]);
                    Thread.Sleep(20);
                }
            }
            catch (IOException)
            {
                // As it should end.
            }
        });
        dripping.Start();

        Assert.Contains("too long to send one frame", run.Until(LinkEventKind.HostLeft).Message);
        Assert.Equal(ticket, run.Until(LinkEventKind.Lost).Ticket);
        Assert.True(dripping.Join(20_000));
    }

    [Fact]
    public void ASilentHost_IsLost()
    {
        using var run = Guard(silence: 200);
        using var intruder = new Intruder(run.Server).JoinAt(run);
        var ticket = run.Post();

        Assert.Contains("sent nothing for 0.2 s", run.Until(LinkEventKind.HostLeft).Message);
        Assert.Equal(ticket, run.Until(LinkEventKind.Lost).Ticket);
    }

    [Fact]
    public void AHostThatNeverReads_IsLost_WhileOthersWork()
    {
        using var run = Guard(silence: 500, sent: 3_000_000);
        using var intruder = new Intruder(run.Server).JoinAt(run);
        using var alive = new Timer(_ => SayAlive(intruder), null, 0, 50);
        var stuck = new[] { run.Post(), run.Post(), run.Post() };

        Assert.Contains("took nothing", run.Until(LinkEventKind.HostLeft).Message);
        Assert.Equal(stuck[0], run.Until(LinkEventKind.Lost).Ticket);
        run.AddGoodHost();
    }

    [Fact]
    public async Task AHostThatComputesWhileMoreIsSent_IsNotLost()
    {
        using var run = Guard(silence: 500, sent: 3_000_000);
        using var intruder = new Intruder(run.Server).JoinAt(run);
        await using var alive = new Timer(_ => SayAlive(intruder), null, 0, 50);
        var first = run.Post();
        var (work, sent) = intruder.ReceiveWork();
        run.Post();
        run.Post();

        // Six times as long as it may take nothing where it has no work.
        for (var waited = 0; waited < 30; waited++)
        {
            Assert.False(run.Server.Receive(100, out var happened) && happened.Kind == LinkEventKind.HostLeft, happened.Message);
        }

        // One frame at a time.
        await alive.DisposeAsync();
        var answer = Task.Run(() => intruder.Send(intruder.Answer(work), 3 * sent[0]), TestContext.Current.CancellationToken);
        Assert.Equal(first, run.Until(LinkEventKind.Completed).Ticket);
        await answer;
    }

    [Fact]
    public void AThousandConnectionsThatSayNothing_KeepNobodyOut()
    {
        using var run = Guard(proving: 60_000);
        var silent = Enumerable.Range(0, 1_000).Select(_ => new Intruder(run.Server)).ToList();
        run.AddGoodHost();
        run.WorkGoesOn();

        Assert.True(run.Events.Count(e => e.Kind == LinkEventKind.HostRefused) <= 100, $"{run.Events.Count} events");
        Assert.True(System.Diagnostics.Process.GetCurrentProcess().Threads.Count < 300);
        silent.ForEach(s => s.Dispose());
    }

    [Fact]
    public void PlainText_IsNotSpoken_WhereTlsIs_AndWhatIsPinnedIsChecked()
    {
        using var folder = new TemporaryFolder();
        var pem = Path.Combine(folder.Path, "own.pem");
        using (var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256))
        {
            var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
                "CN=mine", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
            using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
            File.WriteAllText(pem, made.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        }

        using var run = Guard(place: new MeetingPlace("127.0.0.1:0", Path.Combine(folder.Path, "token"), pem));
        using var intruder = new Intruder(run.Server);
        intruder.SendRaw(new byte[100]);
        Assert.NotEqual("", run.Until(LinkEventKind.HostRefused).Message);
        Assert.True(intruder.IsCutOff());
        run.AddGoodHost();
        run.WorkGoesOn();

        // The same server, another fingerprint in the file.
        var lines = File.ReadAllLines(run.Server.Meeting.TokenFile!);
        File.WriteAllLines(
            run.Server.Meeting.TokenFile!, [lines[0], lines[1], lines[2][..^2] + (lines[2].EndsWith("00", StringComparison.Ordinal) ? "11" : "00")]);
        var refusal = Assert.Throws<TransportException>(() => TcpJoining.Open(new JoinRequest(run.Server.Meeting.Address, run.Server.Meeting.TokenFile, 1)));
        Assert.Contains("fingerprint", refusal.Message);
    }

    [Fact]
    public void ATokenFile_ThatOthersMayRead_IsNotUsed()
    {
        using var run = Guard();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(run.Server.Meeting.TokenFile!));
            File.SetUnixFileMode(run.Server.Meeting.TokenFile!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
            var refusal = Assert.Throws<TransportException>(() => TcpJoining.Open(new JoinRequest(run.Server.Meeting.Address, null, 1)));
            Assert.Contains("chmod 600", refusal.Message);
        }
    }

    [Fact]
    public void AnotherMachine_NeedsATokenFile_WithAFingerprint()
    {
        var missing = Assert.Throws<TransportException>(() => TcpJoining.Open(new JoinRequest("192.0.2.1:5151", null, 1)));
        Assert.Contains("--token-file", missing.Message);

        using var run = Guard();
        var plain = Assert.Throws<TransportException>(() => TcpJoining.Open(new JoinRequest("192.0.2.1:5151", run.Server.Meeting.TokenFile, 1)));
        Assert.Contains("not be encrypted", plain.Message);
    }

    private void Misbehave(Action<Intruder, Frame> deed, string told)
    {
        using var run = Guard();
        using var intruder = new Intruder(run.Server).JoinAt(run);
        var ticket = run.Post();
        var (work, _) = intruder.ReceiveWork();
        deed(intruder, work);

        Assert.Contains(told, run.Until(LinkEventKind.HostLeft).Message);
        Assert.Equal(ticket, run.Until(LinkEventKind.Lost).Ticket);
        Assert.True(intruder.IsCutOff());
        run.AddGoodHost();
        run.WorkGoesOn();
    }

    private static void Header(Intruder intruder, in Frame frame)
    {
        var bytes = new byte[Frame.HeaderLength];
        frame.Write(bytes);
        intruder.SendRaw(bytes);
    }

    private static void SayAlive(Intruder intruder)
    {
        try
        {
            Header(intruder, Frame.Short(FrameKind.Alive));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The server has ended it.
        }
    }

    private GuardedRun Guard(int silence = 60_000, int proving = 5_000, MeetingPlace? place = null, int sent = 500) =>
        new(silence, proving, place, sent, ResultReady);
}

/// <summary>The same where a thread per host listens.</summary>
public sealed class HostilePeerHeardTests : HostilePeerTests
{
    protected override Action<bool>? ResultReady => _ => { };
}
