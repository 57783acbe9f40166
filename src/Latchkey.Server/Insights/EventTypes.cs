namespace Latchkey.Server.Insights;

/// <summary>The names of events: JumpCloud's where they fit (J-115, J-118 to J-120; those of provisioning come with it), ours for the steps of a sign-in (J-122).</summary>
internal static class EventTypes
{
    public const string SsoAuth = "sso_auth";
    public const string BookmarkOpen = "bookmark_open";
    public const string SamlRequestReceived = "saml_request_received";
    public const string SamlDecision = "saml_decision";
    public const string SamlResponseIssued = "saml_response_issued";
    public const string SamlResponseRefused = "saml_response_refused";

    public const string SamlLogoutRequestReceived = "saml_logout_request_received";
    public const string SamlLogoutParticipant = "saml_logout_participant";
    public const string SamlLogoutResponseIssued = "saml_logout_response_issued";
    public const string SamlLogoutFinished = "saml_logout_finished";

    public const string UserLoginAttempt = "user_login_attempt";
    public const string AdminLoginAttempt = "admin_login_attempt";
    public const string UserLoginStep = "user_login_step";
    public const string UserLogout = "user_logout";
    public const string UserLockout = "user_lockout";
    public const string SessionEnd = "session_end";
    public const string KnownBrowserDelete = "known_browser_delete";

    public const string UserCreate = "user_create";
    public const string UserUpdate = "user_update";
    public const string UserDelete = "user_delete";
    public const string UserPasswordSet = "user_password_set";
    public const string UserPasswordChange = "user_password_change";
    public const string UserPasswordResetRequest = "user_password_reset_request";
    public const string UserPasswordWarningEmail = "user_password_warning_email";
    public const string UserPasswordExpired = "user_password_expired";
    public const string UserUnlocked = "user_unlocked";
    public const string UserActivationEmail = "user_activation_email";
    public const string UserActivationScheduled = "user_activation_scheduled";
    public const string UserSuspensionScheduled = "user_suspension_scheduled";
    public const string UserScheduleCancelled = "user_schedule_cancelled";
    public const string UserImportStart = "user_import_start";
    public const string UserImport = "user_import";
    public const string UserExport = "user_export";
    public const string UserActivated = "user_activated";
    public const string UserSuspended = "user_suspended";
    public const string UserUnsuspended = "user_unsuspended";
    public const string UserAdminGranted = "user_admin_granted";
    public const string UserAdminRevoked = "user_admin_revoked";

    public const string UserMfaExclusionExpired = "user_mfa_exclusion_expired";
    public const string TotpStartEnrollment = "totp_start_enrollment";
    public const string TotpFinishEnrollment = "totp_finish_enrollment";
    public const string TotpDeleteEnrollment = "totp_delete_enrollment";
    public const string PasskeyCreate = "passkey_create";
    public const string PasskeyDelete = "passkey_delete";
    public const string RecoveryCodesCreate = "recovery_codes_create";
    public const string RecoveryCodeUsed = "recovery_code_used";
    public const string UserFactorsReset = "user_factors_reset";

    public const string GroupCreate = "group_create";
    public const string GroupUpdate = "group_update";
    public const string GroupDelete = "group_delete";

    public const string ApplicationCreate = "application_create";
    public const string ApplicationUpdate = "application_update";
    public const string ApplicationDelete = "application_delete";
    public const string MetadataApply = "metadata_apply";
    public const string MetadataDismiss = "metadata_dismiss";
    public const string MetadataFollowStart = "metadata_follow_start";
    public const string MetadataFollowStop = "metadata_follow_stop";
    public const string MetadataRefresh = "metadata_refresh";
    public const string MetadataAlarm = "metadata_alarm";
    public const string AssociationChange = "association_change";
    public const string CertificateCreate = "certificate_create";
    public const string CertificateSwitch = "certificate_switch";
    public const string CertificateSwitchScheduled = "certificate_switch_scheduled";
    public const string CertificateSwitchCancelled = "certificate_switch_cancelled";
    public const string CertificateSwitchUndone = "certificate_switch_undone";
    public const string CertificateDelete = "certificate_delete";
    public const string CertificateEnding = "certificate_ending";
    public const string HandoverLinkCreate = "handover_link_create";
    public const string HandoverLinkDelete = "handover_link_delete";

    public const string ApiTokenCreate = "api_token_create";
    public const string ApiTokenDelete = "api_token_delete";

    public const string MailSent = "mail_sent";
    public const string MailFailed = "mail_failed";
    public const string MailRetry = "mail_retry";
    public const string MailDelete = "mail_delete";
    public const string MailTemplateUpdate = "mail_template_update";

    public const string PasswordPolicyCreate = "password_policy_create";
    public const string PasswordPolicyUpdate = "password_policy_update";
    public const string PasswordPolicyDelete = "password_policy_delete";

    public const string PageFailed = "page_failed";
    public const string EventExport = "event_export";
    public const string OrganizationUpdate = "organization_update";
    public const string OrganizationExport = "organization_export";
}
