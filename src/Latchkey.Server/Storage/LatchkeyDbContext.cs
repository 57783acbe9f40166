using Latchkey.Server.Api.Idempotency;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Differences;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Applications.Handover;
using Latchkey.Server.Certificates;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Directory.Import;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Portal;
using Latchkey.Server.Portal.Brand;
using Latchkey.Server.Settings;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.SignIn.Sessions;
using Latchkey.Server.SingleLogout;
using Latchkey.Server.SingleSignOn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Storage;

/// <summary>The one database, SQLite or PostgreSQL.</summary>
internal sealed class LatchkeyDbContext(DbContextOptions<LatchkeyDbContext> options)
    : DbContext(options)
{
    public DbSet<User> Users => Set<User>();
    public DbSet<Group> Groups => Set<Group>();
    public DbSet<AccountLink> AccountLinks => Set<AccountLink>();
    public DbSet<ScheduledState> ScheduledStates => Set<ScheduledState>();
    public DbSet<UserImport> UserImports => Set<UserImport>();
    public DbSet<UserImportChunk> UserImportChunks => Set<UserImportChunk>();
    public DbSet<UserImportProblem> UserImportProblems => Set<UserImportProblem>();
    public DbSet<UserImportLink> UserImportLinks => Set<UserImportLink>();
    public DbSet<AttributeDefinition> AttributeDefinitions => Set<AttributeDefinition>();
    public DbSet<GroupMember> GroupMembers => Set<GroupMember>();
    public DbSet<Application> Applications => Set<Application>();
    public DbSet<ApplicationGroup> ApplicationGroups => Set<ApplicationGroup>();
    public DbSet<ApplicationUser> ApplicationUsers => Set<ApplicationUser>();
    public DbSet<ApplicationCertificate> ApplicationCertificates => Set<ApplicationCertificate>();
    public DbSet<MetadataReading> MetadataReadings => Set<MetadataReading>();
    public DbSet<HandoverLink> HandoverLinks => Set<HandoverLink>();
    public DbSet<MetadataCopy> MetadataCopies => Set<MetadataCopy>();
    public DbSet<MetadataProposal> MetadataProposals => Set<MetadataProposal>();
    public DbSet<FollowedMetadata> FollowedMetadata => Set<FollowedMetadata>();
    public DbSet<PortalFavorite> PortalFavorites => Set<PortalFavorite>();
    public DbSet<BrandPicture> BrandPictures => Set<BrandPicture>();
    public DbSet<PersistentNameId> PersistentNameIds => Set<PersistentNameId>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<SessionParticipant> SessionParticipants => Set<SessionParticipant>();
    public DbSet<Logout> Logouts => Set<Logout>();
    public DbSet<LogoutParticipant> LogoutParticipants => Set<LogoutParticipant>();
    public DbSet<KnownBrowser> KnownBrowsers => Set<KnownBrowser>();
    public DbSet<SignInState> SignInStates => Set<SignInState>();
    public DbSet<Authenticator> Authenticators => Set<Authenticator>();
    public DbSet<Passkey> Passkeys => Set<Passkey>();
    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();
    public DbSet<FactorStanding> FactorStandings => Set<FactorStanding>();
    public DbSet<PasswordPolicy> PasswordPolicies => Set<PasswordPolicy>();
    public DbSet<PasswordPolicyGroup> PasswordPolicyGroups => Set<PasswordPolicyGroup>();
    public DbSet<FormerPassword> FormerPasswords => Set<FormerPassword>();
    public DbSet<PasswordTries> PasswordTries => Set<PasswordTries>();
    public DbSet<AnsweredRequest> AnsweredRequests => Set<AnsweredRequest>();
    public DbSet<Event> Events => Set<Event>();
    public DbSet<QueuedMail> QueuedMails => Set<QueuedMail>();
    public DbSet<MailTemplateText> MailTemplateTexts => Set<MailTemplateText>();
    public DbSet<Setting> Settings => Set<Setting>();
    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();
    public DbSet<IdempotentAnswer> IdempotentAnswers => Set<IdempotentAnswer>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<Enum>().HaveConversion<string>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        var engine = Database.IsSqlite() ? StorageEngine.Sqlite : StorageEngine.PostgreSql;
        StorageModel.Configure(modelBuilder, engine);
        StorageNames.Apply(modelBuilder.Model);
        Instants.Apply(modelBuilder.Model, engine);
    }
}
