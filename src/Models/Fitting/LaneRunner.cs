using System.Runtime.ExceptionServices;

namespace AEAnomaly.Models.Fitting;

/// <summary>Runs the same work for each of two lanes, on the calling thread and, when there is one, on a helper thread.</summary>
/// <remarks>Whoever is free takes the next lane, so that a helper thread which the system does not let run costs nothing but its help.</remarks>
internal sealed class LaneRunner : IDisposable
{
    /// <summary>Number of lanes: fixed, so that results do not depend on how many threads there are.</summary>
    public const int Lanes = 2;

    // About as long as what lies between two runs of a step.
    private const int SpinsBeforeSleep = 200;

    private readonly Thread? _helper;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly ManualResetEventSlim _done = new();
    private Action<int> _work = static _ => { };
    private int _next = Lanes;
    private int _unfinished;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _isStopping;

    /// <param name="threads">1 for the calling thread alone, or 2. The helper has the niceness of the thread that creates it.</param>
    public LaneRunner(int threads)
    {
        if (threads < Lanes)
            return;

        _helper = new Thread(Help) { IsBackground = true, Name = "training helper" };
        _helper.Start();
    }

    /// <summary>Does the work for every lane and returns when all of it is done.</summary>
    /// <param name="work">Work of one lane; touches nothing that the other lane's writes.</param>
    public void Run(Action<int> work)
    {
        if (_helper is null)
        {
            for (var lane = 0; lane < Lanes; lane++)
                work(lane);
            return;
        }

        _work = work;
        _unfinished = Lanes;
        _done.Reset();
        Volatile.Write(ref _next, 0);
        _wake.Release();
        TakeLanes();
        _done.Wait();
        if (Interlocked.Exchange(ref _failure, null) is { } failure)
            failure.Throw();
    }

    public void Dispose()
    {
        _isStopping = true;
        _wake.Release();
        _helper?.Join();
        _wake.Dispose();
        _done.Dispose();
    }

    private void Help()
    {
        while (!_isStopping)
        {
            for (var spins = 0; spins < SpinsBeforeSleep && _wake.CurrentCount == 0; spins++)
                Thread.SpinWait(20);
            _wake.Wait();
            TakeLanes();
        }
    }

    private void TakeLanes()
    {
        // A helper that comes late finds no lane left, or one of the next run: both are right.
        for (int lane; (lane = Interlocked.Increment(ref _next) - 1) < Lanes;)
        {
            try
            {
                _work(lane);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
            }

            if (Interlocked.Decrement(ref _unfinished) == 0)
                _done.Set();
        }
    }
}
