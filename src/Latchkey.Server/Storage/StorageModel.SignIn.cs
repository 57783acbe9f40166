using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.SignIn.Sessions;
using Latchkey.Server.SingleLogout;
using Latchkey.Server.SingleSignOn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Storage;

/// <summary>Sign-ins under way, sessions and what joined them, single logout, second factors.</summary>
internal static partial class StorageModel
{
    private static void SignIn(ModelBuilder model)
    {
        model.Entity<Session>(session =>
        {
            session.Property(s => s.Id).ValueGeneratedNever();
            session.HasIndex(s => s.TokenHash).IsUnique();
            session.HasIndex(s => s.UserId);
            session.HasIndex(s => s.ExpiresAt);
            session.HasIndex(s => s.EndedAt);
            session.HasOne<User>().WithMany().HasForeignKey(s => s.UserId);
        });
        model.Entity<SessionParticipant>(participant =>
        {
            participant.Property(p => p.Id).ValueGeneratedNever();
            participant.HasIndex(p => p.SessionIndex).IsUnique();
            participant.HasIndex(p => p.SessionId);
            participant.HasIndex(p => p.ApplicationId);
            participant.HasOne<Session>().WithMany().HasForeignKey(p => p.SessionId);
            participant.HasOne<Application>().WithMany().HasForeignKey(p => p.ApplicationId);
        });
        model.Entity<KnownBrowser>(browser =>
        {
            browser.Property(b => b.Id).ValueGeneratedNever();
            browser.HasIndex(b => new { b.TokenHash, b.UserId }).IsUnique();
            browser.HasIndex(b => b.UserId);
            browser.HasIndex(b => b.LastSeenAt);
            browser.HasOne<User>().WithMany().HasForeignKey(b => b.UserId);
        });
        model.Entity<SignInState>(state =>
        {
            state.Property(s => s.Id).ValueGeneratedNever();
            state.HasIndex(s => s.ExpiresAt);
            state.HasIndex(s => s.ApplicationId);
            state
                .HasOne<Application>()
                .WithMany()
                .HasForeignKey(s => s.ApplicationId)
                .OnDelete(DeleteBehavior.Cascade);
        });
        // No relation to the application: its rows run out by themselves, and one check less on every sign-in.
        model.Entity<AnsweredRequest>(answered =>
        {
            answered.HasKey(a => new { a.ApplicationId, a.RequestId });
            answered.HasIndex(a => a.ExpiresAt);
        });
    }

    private static void SingleLogout(ModelBuilder model)
    {
        // No relation to the user, whose deletion is a reason to tell everybody, nor to the session.
        model.Entity<Logout>(logout =>
        {
            logout.Property(l => l.Id).ValueGeneratedNever();
            logout.Ignore(l => l.HasBrowser);
            logout.HasIndex(l => l.ExpiresAt);
            logout.HasIndex(l => l.FinishedAt);
            logout.HasIndex(l => l.BrowserHash);
        });
        model.Entity<LogoutParticipant>(participant =>
        {
            participant.Property(p => p.Id).ValueGeneratedNever();
            participant.Property(p => p.Subject).IsJson();
            participant.Property(p => p.SessionIndexes).IsJson();
            participant.HasIndex(p => p.LogoutId);
            participant.HasIndex(p => p.ApplicationId);
            participant.HasIndex(p => p.NextAttemptAt);
            participant.HasOne<Logout>().WithMany().HasForeignKey(p => p.LogoutId);
            participant.HasOne<Application>().WithMany().HasForeignKey(p => p.ApplicationId);
        });
    }

    private static void Factors(ModelBuilder model)
    {
        model.Entity<Authenticator>(authenticator =>
        {
            authenticator.HasKey(a => a.UserId);
            authenticator.HasOne<User>().WithOne().HasForeignKey<Authenticator>(a => a.UserId);
        });
        model.Entity<Passkey>(passkey =>
        {
            passkey.Property(p => p.Id).ValueGeneratedNever();
            passkey.HasIndex(p => p.CredentialId).IsUnique();
            passkey.HasIndex(p => p.UserId);
            passkey.HasOne<User>().WithMany().HasForeignKey(p => p.UserId);
        });
        model.Entity<RecoveryCode>(code =>
        {
            code.Property(c => c.Id).ValueGeneratedNever();
            code.HasIndex(c => c.UserId);
            code.HasOne<User>().WithMany().HasForeignKey(c => c.UserId);
        });
        model.Entity<FactorStanding>(standing =>
        {
            standing.HasKey(s => s.UserId);
            standing.HasOne<User>().WithOne().HasForeignKey<FactorStanding>(s => s.UserId);
            standing.HasIndex(s => s.ExcludedUntil).HasFilter("excluded_until IS NOT NULL");
        });
    }
}
